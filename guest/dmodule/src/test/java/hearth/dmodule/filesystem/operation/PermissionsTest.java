package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import hearth.cf.Caller;
import hearth.cf.FileType;

import static hearth.dmodule.filesystem.operation.Permissions.EXECUTE;
import static hearth.dmodule.filesystem.operation.Permissions.READ;
import static hearth.dmodule.filesystem.operation.Permissions.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

/// The table of a Unix server, compared with a plain statement of the rule for every mode, and the special cases.
class PermissionsTest {
    private static final int OWNER = 1000;
    private static final int GROUP = 100;
    private static final Caller ROOT = caller(0, 0);
    private static final Caller THE_OWNER = caller(OWNER, 7);
    private static final Caller OWNER_AND_MEMBER = caller(OWNER, GROUP);
    private static final Caller MEMBER = caller(2000, GROUP);
    private static final Caller SUPPLEMENTARY = caller(2000, 7, 8, 9, GROUP);
    private static final Caller OTHER = caller(2000, 7, 8);

    private static Caller caller(int uid, int gid, int... groups) {
        return new Caller(new byte[] {127, 0, 0, 1}, 1, 1, uid, gid, groups, false);
    }

    private static InodeFields object(FileType type, int mode) {
        return new InodeFields(type, mode, 1, OWNER, GROUP, 1, 0, 0, 0, 0, 0, 0, 0);
    }

    /// The three bits that count, stated apart from the code.
    private static int bits(Caller caller, int mode) {
        if (caller.uid() == OWNER) {
            return mode >> 6 & 7;
        }
        boolean member = caller.gid() == GROUP;
        for (int group : caller.groups()) {
            member |= group == GROUP;
        }
        return member ? mode >> 3 & 7 : mode & 7;
    }

    @Test
    void exactlyOneClassOfBitsCounts() {
        for (int mode = 0; mode < 0_1000; mode++) {
            var file = object(FileType.REGULAR, mode);
            for (var caller : List.of(THE_OWNER, OWNER_AND_MEMBER, MEMBER, SUPPLEMENTARY, OTHER)) {
                for (int wanted = 1; wanted < 8; wanted++) {
                    assertThat(Permissions.allowed(caller, file, wanted))
                            .as("mode %o, uid %d, wanted %d", mode, caller.uid(), wanted)
                            .isEqualTo((bits(caller, mode) & wanted) == wanted);
                }
            }
        }
    }

    @Test
    void rootMayAllButRunOnlyWhatSomebodyMay() {
        for (int mode = 0; mode < 0_1000; mode++) {
            var file = object(FileType.REGULAR, mode);
            assertThat(Permissions.allowed(ROOT, file, READ | WRITE)).isTrue();
            assertThat(Permissions.allowed(ROOT, file, EXECUTE)).isEqualTo((mode & 0_111) != 0);
            assertThat(Permissions.allowed(ROOT, object(FileType.DIRECTORY, mode), EXECUTE)).isTrue();
        }
    }

    @Test
    void theOwnerOfAFileReachesItsBytesWhateverItsMode() {
        var file = object(FileType.REGULAR, 0);
        assertThat(Permissions.mayRead(THE_OWNER, file)).isTrue();
        assertThat(Permissions.mayWrite(THE_OWNER, file)).isTrue();
        assertThat(Permissions.mayRead(OTHER, file)).isFalse();
        assertThat(Permissions.mayWrite(OTHER, file)).isFalse();
        // Running a program is reading it.
        assertThat(Permissions.mayRead(OTHER, object(FileType.REGULAR, 0_711))).isTrue();
        assertThat(Permissions.mayWrite(OTHER, object(FileType.REGULAR, 0_711))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // directory's owner, object's owner, caller, sticky, forbidden
        "1, 2, 3, true,  true",
        "1, 2, 2, true,  false",
        "1, 2, 1, true,  false",
        "1, 2, 0, true,  false",
        "1, 2, 3, false, false",
    })
    void stickyDirectories(int directoryUid, int objectUid, int callerUid, boolean sticky, boolean forbidden) {
        var directory = new InodeFields(
                FileType.DIRECTORY, sticky ? 0_1777 : 0_777, 2, directoryUid, 0, 1, 0, 0, 0, 0, 0, 0, 0);
        var object = new InodeFields(FileType.REGULAR, 0_644, 1, objectUid, 0, 1, 0, 0, 0, 0, 0, 0, 0);
        assertThat(Permissions.stickyForbids(caller(callerUid, 5), directory, object)).isEqualTo(forbidden);
    }

    @ParameterizedTest
    @CsvSource({
        // mode before, after a write by somebody, after one by root (octal)
        "4755, 0755, 4755",
        "2755, 0755, 2755",
        "6777, 0777, 6777",
        "2745, 2745, 2745", // no group execution: mandatory locking, not privilege
        "1644, 1644, 1644",
    })
    void writingTakesPrivilegesAway(String before, String after, String afterRoot) {
        var file = object(FileType.REGULAR, Integer.parseInt(before, 8));
        assertThat(Permissions.modeAfterWrite(MEMBER, file)).isEqualTo(Integer.parseInt(after, 8));
        assertThat(Permissions.modeAfterWrite(ROOT, file)).isEqualTo(Integer.parseInt(afterRoot, 8));
        assertThat(Permissions.modeAfterOwnerChange(file, file.mode())).isEqualTo(Integer.parseInt(after, 8));
        var directory = object(FileType.DIRECTORY, Integer.parseInt(before, 8));
        assertThat(Permissions.modeAfterOwnerChange(directory, directory.mode())).isEqualTo(directory.mode());
    }

    @Test
    void setGidIsForMembers() {
        assertThat(Permissions.modeFor(MEMBER, 0_2755, GROUP)).isEqualTo(0_2755);
        assertThat(Permissions.modeFor(SUPPLEMENTARY, 0_2755, GROUP)).isEqualTo(0_2755);
        assertThat(Permissions.modeFor(OTHER, 0_2755, GROUP)).isEqualTo(0_755);
        assertThat(Permissions.modeFor(ROOT, 0_2755, GROUP)).isEqualTo(0_2755);
        assertThat(Permissions.modeFor(ROOT, 0_177777, GROUP)).isEqualTo(0_7777);
    }

    @Test
    void accessAnswersByKindOfObject() {
        var file = object(FileType.REGULAR, 0_754);
        assertThat(Permissions.access(THE_OWNER, file, 0x3f)).isEqualTo(0x01 | 0x04 | 0x08 | 0x20);
        assertThat(Permissions.access(MEMBER, file, 0x3f)).isEqualTo(0x01 | 0x20);
        assertThat(Permissions.access(OTHER, file, 0x3f)).isEqualTo(0x01);
        assertThat(Permissions.access(THE_OWNER, file, 0x04)).isEqualTo(0x04);
        var directory = object(FileType.DIRECTORY, 0_751);
        assertThat(Permissions.access(THE_OWNER, directory, 0x3f)).isEqualTo(0x01 | 0x02 | 0x04 | 0x08 | 0x10);
        assertThat(Permissions.access(MEMBER, directory, 0x3f)).isEqualTo(0x01 | 0x02);
        assertThat(Permissions.access(OTHER, directory, 0x3f)).isEqualTo(0x02);
    }

    @Test
    void aReadOnlyExportGrantsNoChange() {
        var caller = new Caller(new byte[4], 1, 1, OWNER, GROUP, new int[0], true);
        assertThat(Permissions.access(caller, object(FileType.REGULAR, 0_777), 0x3f)).isEqualTo(0x01 | 0x20);
        assertThat(Permissions.access(caller, object(FileType.DIRECTORY, 0_777), 0x3f)).isEqualTo(0x01 | 0x02);
    }

    @Test
    void sixteenGroupsCount() {
        var groups = new ArrayList<Integer>();
        for (int i = 0; i < 15; i++) {
            groups.add(5000 + i);
        }
        groups.add(GROUP);
        var caller = caller(2000, 7, groups.stream().mapToInt(Integer::intValue).toArray());
        assertThat(Permissions.allowed(caller, object(FileType.REGULAR, 0_040), READ)).isTrue();
    }
}
