package hearth.domain0.domain;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import hearth.domain0.config.ExportConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: what is printed can be pasted into a client.
class NfsAddressesTest {
    private static final List<ExportConfig> EXPORTS = List.of(
            new ExportConfig("/vol0", "vol0", ExportConfig.Access.RW, List.of(), ExportConfig.Squash.ROOT));

    private static List<InetSocketAddress> at(String address) {
        return List.of(new InetSocketAddress(InetAddress.ofLiteral(address), 2049));
    }

    @Test
    void urlsAndMountCommandsNameTheirPorts() {
        assertThat(NfsAddresses.urls(at("127.0.0.1"), EXPORTS))
                .containsExactly("nfs://127.0.0.1/vol0?nfsport=2049&mountport=2049");
        assertThat(NfsAddresses.mounts(at("127.0.0.1"), EXPORTS))
                .containsExactly(
                        "mount -t nfs -o vers=3,tcp,nolock,port=2049,mountport=2049 127.0.0.1:/vol0 /mnt");
        assertThat(NfsAddresses.mounts(at("::1"), EXPORTS))
                .containsExactly(
                        "mount -t nfs -o vers=3,proto=tcp6,nolock,port=2049,mountport=2049 [::1]:/vol0 /mnt");
    }

    @Test
    void aListenerOnAllAddressesIsShownByOneThatClientsCanUse() {
        assertThat(NfsAddresses.listen(at("0.0.0.0"))).containsExactly("0.0.0.0:2049");
        assertThat(NfsAddresses.urls(at("0.0.0.0"), EXPORTS).getFirst()).doesNotContain("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "::, [::]",
        "::1, [::1]",
        "fe80::1, [fe80::1]",
        "2001:db8::, [2001:db8::]",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]",
        "1:0:3:4:5:6:7:8, [1:0:3:4:5:6:7:8]",
        "10.1.2.3, 10.1.2.3"
    })
    void anAddressIsWrittenAsShortAsItGoes(String address, String text) {
        assertThat(NfsAddresses.text(InetAddress.ofLiteral(address))).isEqualTo(text);
    }
}
