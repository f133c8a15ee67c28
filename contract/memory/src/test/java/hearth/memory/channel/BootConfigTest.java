package hearth.memory.channel;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: both sides of the channel read the same boot configuration.
/// Method: through the lines and back; lines that make no sense.
class BootConfigTest {
    @Test
    void whatIsWrittenIsRead() throws ChannelException {
        var config = new BootConfig(0x8000_0000_0000_0001L, 7, 8, 3, true, 1500, List.of("vol0", "b c"), List.of(
                new BootConfig.InitialExport("/vol0", "vol0", false, "none", List.of()),
                new BootConfig.InitialExport("/b=c", "b c", true, "all", List.of("10.0.0.0/8", "::1/128"))));

        assertThat(BootConfig.parse(config.lines())).isEqualTo(config);
    }

    @Test
    void orderOfElevenVolumesIsKept() throws ChannelException {
        var names = List.of("k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a");
        var config = new BootConfig(1, 0, 0, 0, false, 1, names, List.of());

        assertThat(BootConfig.parse(config.lines()).volumes()).isEqualTo(names);
    }

    @Test
    void whatIsMissingHasADefaultAndWhatIsUnknownIsIgnored() throws ChannelException {
        assertThat(BootConfig.parse(List.of("later=1")))
                .isEqualTo(new BootConfig(0, 0, 0, 0, false, 5000, List.of(), List.of()));
    }

    @Test
    void linesWithoutSenseAreRefused() {
        for (String line : List.of("", "=1", "novalue", "failed-starts=x", "volume.x.name=a", "volume.99999.name=a",
                "export.0.path=/a", "export.path=/a")) {
            assertThatThrownBy(() -> BootConfig.parse(List.of(line))).as(line).isInstanceOf(ChannelException.class);
        }
    }
}
