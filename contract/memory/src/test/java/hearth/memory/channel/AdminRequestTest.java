package hearth.memory.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import hearth.memory.channel.BootConfig.InitialExport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: host and guest agree on what an administrator wants and on what there is. Method: every request and full and
/// empty reports through their lines, and lines that are none.
class AdminRequestTest {
    private static final List<AdminRequest> REQUESTS = List.of(
            new AdminRequest.ListVolumes(),
            new AdminRequest.CreateVolume(-1, "vol1", 0),
            new AdminRequest.ResizeVolume(0x8000_0000_0000_0000L, "vol1", 10L << 30),
            new AdminRequest.DeleteVolume(3, "vol1", true),
            new AdminRequest.DeleteVolume(3, "vol1", false),
            new AdminRequest.CreateExport(4, "/a=b", "vol1", true, "all", List.of("10.0.0.0/8", "::1")),
            new AdminRequest.SetExport(5, "/a", Optional.of(false), Optional.of("none"), List.of("10.0.0.1")),
            new AdminRequest.SetExport(5, "/a", Optional.of(true), Optional.empty(), List.of()),
            new AdminRequest.DeleteExport(6, "/a"));

    @Test
    void everyRequestComesBackAsItWas() throws Exception {
        for (AdminRequest request : REQUESTS) {
            assertThat(AdminRequest.parse(request.lines())).isEqualTo(request);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() {
        for (List<String> lines : List.of(
                List.<String>of(), List.of("verb"), List.of("verb=Explode", "request=1"), List.of("verb=DeleteExport"),
                List.of("verb=DeleteExport", "request=1"), List.of("verb=DeleteExport", "request=x", "path=/a"),
                List.of("verb=CreateVolume", "request=1", "name=a", "size-bytes=many"))) {
            assertThatThrownBy(() -> AdminRequest.parse(lines)).as("%s", lines).isInstanceOf(ChannelException.class);
        }
    }

    @Test
    void reportsComeBackAsTheyWere() throws Exception {
        var export = new InitialExport("/vol1", "vol1", true, "root", List.of("10.0.0.0/8", "fd00::/8"));
        var reports = List.of(
                new VolumeReport("vol0", 0, 4096, 0, VolumeReport.ONLINE, Optional.empty()),
                new VolumeReport("vol1", 1 << 20, 8192, 17, VolumeReport.ONLINE, Optional.of(export)),
                new VolumeReport("gone", 0, 77, -1, VolumeReport.DELETING, Optional.empty()));
        assertThat(VolumeReport.parse(VolumeReport.lines(reports))).isEqualTo(reports);
        assertThat(VolumeReport.parse(List.of())).isEmpty();
    }

    /// The longest names, paths and client lists that volumes have room for.
    @Test
    void asManyVolumesAsThereCanBeFitIntoOneMessage() {
        var export = new InitialExport("/" + "p".repeat(62), "n".repeat(31), true, "none", List.of("c".repeat(191)));
        var reports = new ArrayList<VolumeReport>();
        for (int i = 0; i < 64 + 16; i++) {
            reports.add(new VolumeReport("n".repeat(31), Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE,
                    VolumeReport.DELETING, Optional.of(export)));
        }
        var message = new ChannelMessage.Administered(1, 0, VolumeReport.lines(reports));
        assertThat(ChannelCodec.encode(message).length).isLessThan(ChannelCodec.BYTES_MAX);
    }
}
