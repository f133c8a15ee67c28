package hearth.system;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.region.RegionGeometry;
import hearth.system.rehearsal.NfsClient;
import hearth.system.rehearsal.RehearsalGuest;
import hearth.system.rehearsal.RehearsalHost;
import hearth.system.wiring.Halt;

/// Runs at build time, so that the AOT cache holds what a boot and its first clients need: a conventional boot that
/// makes a file system, a few hundred calls of all kinds, deaths, fast restarts, a stop. Anything unexpected fails the
/// build.
public final class Rehearse {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            32L * Units.MIB, 4L * Units.MIB, 64, 4096, 8192, 64, 2L * Units.MIB, 64 * Units.KIB, 4096);
    private static final int FILES = 24;
    private static final int DEATHS = 3;
    private static final int STREAM_ROUNDS = 96;

    private Rehearse() {}

    public static void main(String[] args) throws Exception {
        long seed = 1;
        Main.begin(new Halt());
        try (var host = new RehearsalHost(GEOMETRY, new SplittableRandom(seed))) {
            rehearse(host);
        }
    }

    private static void rehearse(RehearsalHost host) throws IOException, InterruptedException {
        RehearsalGuest guest = new RehearsalGuest(host);
        expectPlan(guest, "ConventionalBoot");
        int xid = 1;
        for (int life = 0; life <= DEATHS; life++) {
            try (NfsClient client = guest.connect(xid)) {
                byte[] root = client.mount(RehearsalHost.EXPORT);
                if (life == DEATHS) {
                    stream(client, root, guest);
                }
                if (life > 0) {
                    verify(client, root, life - 1);
                }
                work(client, root, life, guest);
                guest.awaitFirstReply();
                xid = client.xid() + 1_000;
            }
            if (life == DEATHS) {
                guest.stop();
            } else {
                guest.die();
            }
            guest = new RehearsalGuest(host);
            expectPlan(guest, "FastRestart");
        }
        guest.stop();
    }

    private static void expectPlan(RehearsalGuest guest, String plan) {
        String found = guest.listening().map(listening -> listening.plan()).orElse("none");
        if (!found.equals(plan)) {
            throw Check.failed("boot by " + found + " instead of " + plan + ": " + guest.events());
        }
    }

    private static byte[] content(int life, int file, int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) (life * 31 + file));
        return content;
    }

    private static int sizeOf(int file) {
        return file == 0 ? 3 * Units.MIB / 4 : 1 + file * 1_777;
    }

    /// What a life leaves behind stands in folder "life-N".
    private static void work(NfsClient client, byte[] root, int life, RehearsalGuest guest) throws IOException {
        client.ping();
        client.exports();
        client.statistics(root);
        client.access(root);
        byte[] folder = client.makeDirectory(root, "life-" + life);
        client.setMode(folder, 0777);
        for (int file = 0; file < FILES; file++) {
            byte[] handle = client.create(folder, "new-" + file);
            client.write(handle, 0, content(life, file, sizeOf(file)), file % 3);
            client.commit(handle);
            client.rename(folder, "new-" + file, folder, "file-" + file);
            if (file == FILES / 2) {
                guest.consistencyPoint(life + 1);
            }
        }
        byte[] first = client.lookup(folder, "file-1");
        client.link(first, folder, "again");
        client.symbolicLink(folder, "link", "file-1");
        client.readLink(client.lookup(folder, "link"));
        client.write(first, 100, content(life, 1, 50), 0);
        client.makeDirectory(folder, "gone");
        client.removeDirectory(folder, "gone");
        client.remove(folder, "file-" + (FILES - 1));
        check(client, folder, life);
    }

    /// Large writes, consistency points and large reads, often enough that the compilers know this code: what they know
    /// is in the cache too.
    private static void stream(NfsClient client, byte[] root, RehearsalGuest guest) throws IOException {
        byte[] file = client.create(root, "stream");
        byte[] content = content(0, 1, Units.MIB);
        for (int round = 0; round < STREAM_ROUNDS; round++) {
            client.write(file, (long) (round % 2) * Units.MIB, content, 0);
            if (round % 2 == 1) {
                guest.consistencyPoint(DEATHS + 1 + round);
            }
            Check.that(Arrays.equals(client.read(file, 0, Units.MIB), content), "what was streamed", round);
        }
        client.remove(root, "stream");
    }

    private static void verify(NfsClient client, byte[] root, int life) throws IOException {
        check(client, client.lookup(root, "life-" + life), life);
    }

    private static void check(NfsClient client, byte[] folder, int life) throws IOException {
        List<String> names = client.list(folder);
        Check.that(names.size() == FILES + 1, "names in a folder", names.size());
        Check.that(client.listWithAttributes(folder).equals(names), "two listings differ");
        for (int file = 0; file < FILES - 1; file++) {
            byte[] handle = client.lookup(folder, "file-" + file);
            byte[] wanted = content(life, file, sizeOf(file));
            Check.that(client.size(handle) == wanted.length, "size of a file", file);
            Check.that(Arrays.equals(client.read(handle, 0, wanted.length), wanted), "content of a file", file);
        }
    }
}
