package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// A full disk: refused before anything is acknowledged, nothing acknowledged lost, deleting always possible.
class OperationsSpaceTest {
    @Test
    void aFullDiskRefusesKeepsAndRecovers() throws IOException, InterruptedException {
        try (var machine = new TestMachine(2_048, 1_024, 8 << 20)) {
            machine.runPoints();
            for (int round = 0; round < 3; round++) {
                var files = fill(machine, round);
                assertThat(files.size()).as("files that fit in round %d", round).isGreaterThan(60);
                for (int i = 0; i < files.size(); i++) {
                    assertThat(machine.read(files.get(i), 0, 100_000)).isEqualTo(content(i));
                }
                machine.stopPoints();
                machine.check();
                machine.die();
                machine.boot();
                machine.runPoints();
                for (int i = 0; i < files.size(); i++) {
                    assertThat(machine.read(files.get(i), 0, 100_000)).isEqualTo(content(i));
                    var remove = new CfRequest.Remove(machine.rootHandle(), name(round, i));
                    assertThat(machine.call(remove).status()).as("remove %d when full", i).isEqualTo(CfStatus.OK);
                }
            }
        }
    }

    private static Name name(int round, int number) {
        return Name.of("file-" + round + "-" + number);
    }

    private static byte[] content(int number) {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) (number + 1));
        return bytes;
    }

    /// Writes files until one does not fit, which is removed.
    private static ArrayList<FileHandle> fill(TestMachine machine, int round) {
        var files = new ArrayList<FileHandle>();
        while (true) {
            var name = name(round, files.size());
            var create = new CfRequest.Create(
                    machine.rootHandle(), name, How.GUARDED, SetAttributes.NOTHING, 0);
            var made = machine.call(create);
            if (made.status() == CfStatus.NO_SPACE) {
                return files;
            }
            var file = ((CfReply.Created) made).file();
            var write = new CfRequest.Write(file, 0, 100_000, Stability.UNSTABLE);
            var written = machine.write(machine.root(), write, content(files.size()));
            if (written.status() == CfStatus.NO_SPACE) {
                var remove = new CfRequest.Remove(machine.rootHandle(), name);
                assertThat(machine.call(remove).status()).isEqualTo(CfStatus.OK);
                return files;
            }
            assertThat(written.status()).isEqualTo(CfStatus.OK);
            files.add(file);
        }
    }
}
