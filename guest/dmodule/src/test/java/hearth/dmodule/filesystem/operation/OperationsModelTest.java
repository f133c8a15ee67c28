package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.cf.Attributes;
import hearth.cf.Caller;
import hearth.cf.CfEncoder;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// Random calls against the oracle, with consistency points, deaths and reboots between them. After each death the
/// tree must be the same to the last attribute, and each recent call made again must get its first answer and change
/// nothing. Seeds are printed.
class OperationsModelTest {
    private static final int REMEMBERED = 300;

    /// A mutation that was answered.
    private record Past(Caller caller, CfRequest.Mutation request, byte[] payload, byte[] reply) {}

    private final Deque<Past> past = new ArrayDeque<>();
    private TestMachine machine;
    private TreeModel model;
    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesAsATreeThroughDeaths(long seed) throws IOException, InterruptedException {
        System.out.println("OperationsModelTest seed " + seed);
        random = new Random(seed);
        try (var made = new TestMachine(24_576, 1 << random.nextInt(5, 12), 8 << 20)) {
            machine = made;
            model = new TreeModel(machine.rootHandle());
            for (int step = 0; step < 2_500; step++) {
                mutate();
                machine.clock.advanceNs(random.nextInt(3) * 1_000L);
                if (machine.pointWanted || random.nextInt(100) == 0) {
                    machine.point();
                    if (random.nextInt(4) == 0) {
                        machine.check();
                    }
                }
                if (random.nextInt(300) == 0) {
                    death();
                }
                if (random.nextInt(50) == 0) {
                    machine.store.dropCache();
                }
                if (random.nextInt(10) == 0) {
                    look(model.nodes.get(random.nextInt(model.nodes.size())));
                }
            }
            death();
            verifyAll();
            machine.point();
            machine.check();
            verifyAll();
            death();
            verifyAll();
        }
    }

    private void death() throws IOException {
        var before = snapshot();
        machine.die();
        if (random.nextBoolean()) {
            machine.store.dropCache();
        }
        machine.boot();
        assertThat(snapshot()).isEqualTo(before);
        repeatAll();
        assertThat(snapshot()).isEqualTo(before);
        for (int i = 0; i < 20; i++) {
            look(model.nodes.get(random.nextInt(model.nodes.size())));
        }
    }

    /// Attributes of everything that is there; blocks used are an estimate until a consistency point, so left out.
    private Map<Object, Object> snapshot() {
        var result = new HashMap<Object, Object>();
        for (var node : model.nodes) {
            var reply = machine.call(new CfRequest.GetAttributes(node.handle));
            Object seen = reply instanceof CfReply.AttributesOf found ? withoutUse(found.attributes()) : reply.status();
            result.put(node.handle, seen);
            assertThat(reply.status()).isEqualTo(node.gone ? CfStatus.STALE : CfStatus.OK);
        }
        return result;
    }

    private static Attributes withoutUse(Attributes a) {
        return new Attributes(
                a.type(), a.mode(), a.linkCount(), a.uid(), a.gid(), a.sizeBytes(), 0, a.deviceMajor(),
                a.deviceMinor(), a.fileSystemId(), a.fileId(), a.accessTimeNs(), a.modifyTimeNs(), a.changeTimeNs());
    }

    private void repeatAll() {
        for (var call : past) {
            var again = machine.operations.call(
                    call.caller(), call.request(), MemorySegment.ofArray(call.payload()), MemorySegment.NULL);
            assertThat(CfEncoder.encodeReply(again))
                    .as("answer to a repeated %s", call.request())
                    .isEqualTo(call.reply());
        }
    }

    private void mutate() {
        byte[] payload = new byte[payloadSize()];
        random.nextBytes(payload);
        var request = request(payload);
        var caller = machine.root();
        var expected = model.apply(request, request instanceof CfRequest.Write ? payload : new byte[0]);
        var reply = machine.operations.call(caller, request, MemorySegment.ofArray(payload), MemorySegment.NULL);
        assertThat(reply.status()).as("%s", request).isEqualTo(expected);
        if (reply instanceof CfReply.Created created) {
            model.created(created);
        }
        // A stale handle stays stale; the attributes beside that answer are of the moment.
        if (reply.status() != CfStatus.STALE) {
            past.add(new Past(caller, request, payload, CfEncoder.encodeReply(reply)));
        }
        if (past.size() > REMEMBERED) {
            past.removeFirst();
        }
    }

    private int payloadSize() {
        return switch (random.nextInt(6)) {
            case 0 -> 4096;
            case 1 -> 8192;
            case 2 -> random.nextInt(100_000);
            case 3 -> 0;
            default -> random.nextInt(6_000);
        };
    }

    private CfRequest.Mutation request(byte[] payload) {
        var file = any();
        var directory = anyDirectory();
        var name = name();
        return switch (random.nextInt(20)) {
            case 0, 1, 2 ->
                new CfRequest.Create(
                        directory.handle, name, random.nextBoolean() ? UNCHECKED : GUARDED, mode(), 0);
            case 3, 4 -> new CfRequest.MakeDirectory(directory.handle, name, mode());
            case 5 -> new CfRequest.SymbolicLink(directory.handle, name, SetAttributes.NOTHING, target());
            case 6 -> new CfRequest.MakeNode(directory.handle, name, FileType.CHARACTER_DEVICE, mode(), 3, 258);
            case 7, 8 -> new CfRequest.Remove(directory.handle, oldName(directory));
            case 9 -> new CfRequest.RemoveDirectory(directory.handle, oldName(directory));
            case 10, 11 -> {
                var to = random.nextInt(3) == 0 ? directory : anyDirectory();
                var toName = random.nextInt(3) == 0 ? oldName(to) : name;
                yield new CfRequest.Rename(directory.handle, oldName(directory), to.handle, toName);
            }
            case 12 -> new CfRequest.Link(file.handle, directory.handle, name);
            case 13 -> new CfRequest.Change(file.handle, size(file), OptionalLong.empty());
            case 14 -> new CfRequest.Change(file.handle, mode(), OptionalLong.empty());
            default -> {
                long offset = random.nextInt(3) == 0 ? random.nextInt(40) * 4096L : random.nextInt(200_000);
                yield new CfRequest.Write(file.handle, offset, payload.length, stability());
            }
        };
    }

    private static final CfRequest.Create.How UNCHECKED = CfRequest.Create.How.UNCHECKED;
    private static final CfRequest.Create.How GUARDED = CfRequest.Create.How.GUARDED;

    private TreeModel.Node any() {
        for (int tries = 0; tries < 4; tries++) {
            var node = model.nodes.get(random.nextInt(model.nodes.size()));
            if (!node.gone && !node.isDirectory()) {
                return node;
            }
        }
        return model.nodes.get(random.nextInt(model.nodes.size()));
    }

    private TreeModel.Node anyDirectory() {
        for (int tries = 0; tries < 40; tries++) {
            var node = model.nodes.get(random.nextInt(model.nodes.size()));
            if (!node.gone && node.isDirectory()) {
                return node;
            }
        }
        return random.nextInt(5) == 0 ? any() : model.root;
    }

    private Name name() {
        int number = random.nextInt(400);
        return Name.of(number % 10 == 0 ? "a-rather-long-name-".repeat(10) + number : "n" + number);
    }

    private Name oldName(TreeModel.Node directory) {
        if (directory.children.isEmpty() || random.nextInt(12) == 0) {
            return name();
        }
        var names = directory.children.keySet().toArray(String[]::new);
        return Name.of(names[random.nextInt(names.length)]);
    }

    private byte[] target() {
        byte[] target = new byte[random.nextBoolean() ? 1 + random.nextInt(160) : 1 + random.nextInt(4095)];
        Arrays.fill(target, (byte) ('a' + random.nextInt(26)));
        return target;
    }

    private Stability stability() {
        return Stability.values()[random.nextInt(3)];
    }

    private SetAttributes mode() {
        return new SetAttributes(
                OptionalInt.of(random.nextInt(0_1000)), OptionalInt.empty(), OptionalInt.empty(),
                OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    private SetAttributes size(TreeModel.Node file) {
        long size = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(60) * 4096L;
            case 2 -> random.nextInt(1 + file.bytes.length);
            default -> random.nextInt(250_000);
        };
        return new SetAttributes(
                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
                OptionalLong.of(size), Optional.empty(), Optional.empty());
    }

    private void verifyAll() {
        for (var node : model.nodes) {
            look(node);
        }
    }

    /// Compares one object with the oracle, bytes and names too.
    private void look(TreeModel.Node node) {
        var reply = machine.call(new CfRequest.GetAttributes(node.handle));
        assertThat(reply.status()).isEqualTo(node.gone ? CfStatus.STALE : CfStatus.OK);
        if (node.gone) {
            return;
        }
        var attributes = ((CfReply.AttributesOf) reply).attributes();
        assertThat(attributes.type()).isEqualTo(node.type);
        assertThat(attributes.linkCount()).as("links of %s", node.handle).isEqualTo(node.links);
        switch (node.type) {
            case DIRECTORY -> lookAtNames(node);
            case REGULAR -> {
                assertThat(attributes.sizeBytes()).isEqualTo(node.bytes.length);
                int from = node.bytes.length == 0 ? 0 : random.nextInt(node.bytes.length);
                from = random.nextBoolean() ? 0 : from;
                byte[] expected = Arrays.copyOfRange(node.bytes, from, node.bytes.length);
                byte[] seen = machine.read(node.handle, from, expected.length + 10);
                assertThat(Arrays.mismatch(seen, expected)).as("first wrong byte of %s", node.handle).isEqualTo(-1);
            }
            case SYMBOLIC_LINK -> {
                var link = (CfReply.LinkText) machine.call(new CfRequest.ReadLink(node.handle));
                assertThat(link.target()).isEqualTo(node.bytes);
            }
            default -> {
                assertThat(attributes.deviceMajor()).isEqualTo(3);
                assertThat(attributes.deviceMinor()).isEqualTo(258);
            }
        }
    }

    private void lookAtNames(TreeModel.Node directory) {
        var entries = machine.list(directory.handle, 1 + random.nextInt(50));
        assertThat(entries).hasSize(directory.children.size() + 2);
        for (var entry : entries) {
            if (entry.name().isDot()) {
                assertThat(entry.fileId()).isEqualTo(directory.handle.inode());
            } else if (entry.name().isDotDot()) {
                assertThat(entry.fileId()).isEqualTo(directory.parent.orElseThrow().handle.inode());
            } else {
                var child = directory.children.get(entry.name().toString());
                assertThat(entry.file()).contains(child.handle);
                assertThat(entry.attributes().orElseThrow().type()).isEqualTo(child.type);
                var found = (CfReply.Found) machine.call(new CfRequest.Lookup(directory.handle, entry.name()));
                assertThat(found.file()).isEqualTo(child.handle);
            }
        }
    }
}
