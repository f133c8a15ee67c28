package hearth.dmodule.filesystem.operation;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;

import static org.assertj.core.api.Assertions.assertThat;

/// Each kind of damage to names is found. Damage is done through the file system's state, so only the names are wrong.
class NameCheckTest {
    private TestMachine machine;
    private FileHandle root;
    private FileHandle below;
    private FileHandle file;

    @BeforeEach
    void start() throws IOException {
        machine = new TestMachine(4_096, 1_024, 8 << 20);
        root = machine.rootHandle();
        below = ((CfReply.Created) machine.call(
                new CfRequest.MakeDirectory(root, Name.of("below"), SetAttributes.NOTHING))).file();
        file = ((CfReply.Created) machine.call(
                new CfRequest.Create(below, Name.of("file"), How.GUARDED, SetAttributes.NOTHING, 0))).file();
        machine.call(new CfRequest.Link(file, root, Name.of("second")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        machine.close();
    }

    private interface Damage {
        void to(FsState state) throws MissingBlock;
    }

    private void assertFound(Damage damage, String... problems) throws IOException {
        machine.point();
        machine.check();
        machine.fs.lock().exclusive();
        try {
            damage.to(machine.fs.state().applying());
        } catch (MissingBlock missing) {
            throw new AssertionError(missing);
        } finally {
            machine.fs.lock().leaveExclusive();
        }
        machine.point();
        for (String problem : problems) {
            assertThat(machine.problems()).as("problems").anyMatch(line -> line.contains(problem));
        }
    }

    private static Inode inode(FsState state, FileHandle handle) throws MissingBlock {
        return state.inode(state.volume(1).orElseThrow(), handle.inode()).orElseThrow();
    }

    @Test
    void aWrongLinkCount() throws IOException {
        assertFound(state -> {
            inode(state, file).linkCount = 3;
            state.dirty(inode(state, file));
        }, "2 names, link count 3");
    }

    @Test
    void aNameTooMany() throws IOException {
        assertFound(state -> {
            var names = DirectoryFile.open(state, inode(state, root));
            var free = (hearth.dmodule.filesystem.directory.InsertPlan.Free) names.planInsert(Name.of("third"));
            names.insert(new DirectoryEntry(Name.of("third"), file.inode(), FileType.REGULAR, free.cookie()));
        }, "3 names, link count 2");
    }

    @Test
    void aNameOfNothing() throws IOException {
        assertFound(state -> {
            var inode = inode(state, file);
            state.free(state.volume(1).orElseThrow(), inode);
        }, "has a name, its slot is free");
    }

    @Test
    void aNameOfAnotherType() throws IOException {
        assertFound(state -> {
            var names = DirectoryFile.open(state, inode(state, below));
            var entry = names.lookup(Name.of("file")).orElseThrow();
            names.replace(new DirectoryEntry(entry.name(), entry.inode(), FileType.FIFO, entry.cookie()));
        }, "named as");
    }

    @Test
    void aWrongParent() throws IOException {
        assertFound(state -> {
            inode(state, below).parentOrDevice = below.inode();
            state.dirty(inode(state, below));
        }, "parent " + below.inode());
    }

    @Test
    void aDirectoryThatNobodyNames() throws IOException {
        assertFound(state -> {
            var names = DirectoryFile.open(state, inode(state, root));
            var entry = names.lookup(Name.of("below")).orElseThrow();
            names.remove(entry.name(), entry.cookie());
        }, "directory with 0 names", "not below the root", "0 subdirectories, link count 3");
    }

    @Test
    void aBrokenIndex() throws IOException {
        assertFound(state -> {
            state.changeMeta(inode(state, below), 0)[0] ^= 1;
        }, "directory: not a directory block");
    }
}
