package hearth.nmodule.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a client that others wrote understands the server.
/// Method: the programs of Debian's libnfs-utils, where they are installed.
class LibnfsTest {
    @TempDir
    private Path directory;

    @Test
    void filesAreCopiedInListedAndCopiedOut() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/nfs-cp")), "libnfs-utils is not installed");
        byte[] data = new byte[5_000_001];
        new Random(1).nextBytes(data);
        var source = Files.write(directory.resolve("source"), data);
        try (var server = new TestServer()) {
            String query = "?nfsport=" + server.port() + "&mountport=" + server.port();
            String url = "nfs://127.0.0.1/vol0";
            run("/usr/bin/nfs-cp", source.toString(), url + "/copy" + query);
            assertThat(run("/usr/bin/nfs-ls", url + query)).contains("copy").contains("5000001");
            var back = directory.resolve("back");
            run("/usr/bin/nfs-cp", url + "/copy" + query, back.toString());
            assertThat(Files.readAllBytes(back)).isEqualTo(data);
            assertThat(server.server.statistics().rpcErrors()).isZero();
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        var output = directory.resolve("output");
        var process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
