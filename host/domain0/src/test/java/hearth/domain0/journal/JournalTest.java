package hearth.domain0.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.journal.Journal.Append;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalHeaderLayout;
import hearth.memory.journal.JournalLayout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: what a commit covered is found again as long as one file is left, a torn end is no damage, and damage is
/// never taken for an end. Method: real files, cut and damaged between close and open.
class JournalTest {
    private static final int RECORD_BYTES = 500;
    /// Header of 64 bytes and 500 bytes of body, rounded up.
    private static final int ENTRY_BYTES = 576;

    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private void write(JournalSpec spec, long records) throws IOException {
        try (Journal journal = TestJournals.create(spec, events)) {
            for (long lsn = 1; lsn <= records; lsn++) {
                assertThat(TestJournals.append(journal, lsn, RECORD_BYTES)).isEqualTo(Append.ADDED);
                journal.commit();
            }
        }
    }

    private List<Long> reopened(JournalSpec spec) throws IOException {
        try (Journal journal = TestJournals.open(spec, events)) {
            return TestJournals.lsns(journal);
        }
    }

    private static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(offset);
            out.write(bytes);
        }
    }

    /// Everything from `offset` on as it was before it was ever written.
    private static void zeroFrom(Path file, long offset, int bytes) throws IOException {
        overwrite(file, offset, new byte[bytes]);
    }

    @Test
    void whatWasCommittedIsThereAndWhatWasNotIsGone() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        try (Journal journal = TestJournals.create(spec, events)) {
            TestJournals.append(journal, 1, 10);
            TestJournals.append(journal, 2, 70_000);
            journal.append(new JournalEntry.Incarnation(16, 99));
            journal.append(new JournalEntry.Root(3, 44, 1));
            journal.append(new JournalEntry.Label(2, 55));
            journal.commit();
            TestJournals.append(journal, 3, 10);
        }
        try (Journal journal = TestJournals.open(spec, events)) {
            assertThat(TestJournals.lsns(journal)).containsExactly(1L, 2L);
            assertThat(journal.summary().incarnationsReserved()).isEqualTo(16);
            assertThat(journal.summary().regionInstance()).isEqualTo(99);
            assertThat(journal.summary().root()).isEqualTo(new JournalEntry.Root(3, 44, 1));
            assertThat(journal.summary().label()).isEqualTo(new JournalEntry.Label(2, 55));
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aTornLastEntryIsAnEndWhereverItIsCut() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        Path file = spec.files().getFirst();
        write(spec, 3);
        long last = JournalLayout.ENTRIES_OFFSET + 2L * ENTRY_BYTES;
        // Places of every field of the header, of the body's start, middle and last byte.
        for (int kept : new int[] {0, 1, 3, 4, 7, 8, 15, 16, 24, 28, 32, 35, 36, 40, 48, 56, 63, 64, 65, 300, 511, 512,
            563}) {
            byte[] whole = Files.readAllBytes(file);
            zeroFrom(file, last + kept, ENTRY_BYTES - kept);
            assertThat(reopened(spec)).as("cut after %d bytes", kept).containsExactlyElementsOf(upTo(2));
            Files.write(file, whole);
        }
        assertThat(reopened(spec)).containsExactlyElementsOf(upTo(3));
    }

    @Test
    void aFlippedBitAnywhereInADurableEntryIsDamageAndNeverAnEnd() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        Path file = spec.files().getFirst();
        write(spec, 4);
        byte[] whole = Files.readAllBytes(file);
        for (int place : new int[] {0, 5, 9, 17, 25, 29, 33, 37, 41, 49, 57, 64, 300, 563}) {
            int at = JournalLayout.ENTRIES_OFFSET + ENTRY_BYTES + place;
            overwrite(file, at, new byte[] {(byte) (whole[at] ^ 0x40)});
            assertThatThrownBy(() -> TestJournals.open(spec, events)).as("byte %d", place)
                    .isInstanceOfSatisfying(JournalException.class,
                            e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.LOST))
                    .hasMessageContaining("--accept-loss");
            Files.write(file, whole);
        }
    }

    @Test
    void damageInOneFileIsMadeGoodFromTheOther() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        write(spec, 4);
        overwrite(spec.files().get(0), JournalLayout.ENTRIES_OFFSET + ENTRY_BYTES + 100, new byte[] {1, 2, 3});
        overwrite(spec.files().get(1), JournalLayout.ENTRIES_OFFSET + 3 * ENTRY_BYTES + 100, new byte[] {1, 2, 3});
        assertThat(reopened(spec)).as("each file has what the other lacks").containsExactlyElementsOf(upTo(4));
        assertThat(events).extracting(Event::name).contains("journal.file-rebuilt");
        assertThat(Files.mismatch(spec.files().get(0), spec.files().get(1))).isEqualTo(-1);
        events.clear();
        assertThat(reopened(spec)).hasSize(4);
        assertThat(events).isEmpty();
    }

    @Test
    void aMissingFileIsMadeAgain() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 3);
        write(spec, 4);
        Files.delete(spec.files().get(0));
        Files.delete(spec.files().get(2));
        assertThat(reopened(spec)).containsExactlyElementsOf(upTo(4));
        Files.delete(spec.files().get(1));
        assertThat(reopened(spec)).containsExactlyElementsOf(upTo(4));
    }

    @Test
    void aFileThatIsBehindIsBroughtUpAndNotBelieved() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        write(spec, 2);
        Path behind = spec.files().get(0);
        byte[] old = Files.readAllBytes(behind);
        try (Journal journal = TestJournals.open(spec, events)) {
            TestJournals.append(journal, 3, RECORD_BYTES);
            journal.commit();
        }
        Files.write(behind, old);
        assertThat(reopened(spec)).containsExactlyElementsOf(upTo(3));
        assertThat(Files.mismatch(spec.files().get(0), spec.files().get(1))).isEqualTo(-1);
    }

    @Test
    void allFilesMissingOrWithoutAHeaderIsALossThatMustBeAccepted() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        write(spec, 2);
        Files.delete(spec.files().get(0));
        zeroFrom(spec.files().get(1), 0, JournalLayout.ENTRIES_OFFSET);
        assertThatThrownBy(() -> TestJournals.open(spec, events)).isInstanceOfSatisfying(JournalException.class,
                e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.LOST));
        var withFloor = new JournalSpec(spec.domain(), spec.aggregateId(), spec.files(), spec.sizeBytes(), 500,
                spec.opener());
        try (Journal journal = Journal.open(withFloor, true, events::add, Clock.SYSTEM)) {
            assertThat(TestJournals.lsns(journal)).isEmpty();
            assertThat(journal.summary().incarnationsReserved()).isEqualTo(500);
        }
        assertThat(events).extracting(Event::name).contains("journal.loss-accepted");
        try (var left = Files.list(folder)) {
            assertThat(left.filter(path -> path.toString().contains(".damaged-"))).as("kept for repairs").hasSize(1);
        }
    }

    @Test
    void anAcceptedLossGoesOnBehindTheDamageWithoutUsingNumbersTwice() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        try (Journal journal = TestJournals.create(spec, events)) {
            for (long lsn = 1; lsn <= 4; lsn++) {
                TestJournals.append(journal, lsn, RECORD_BYTES);
                journal.append(new JournalEntry.Incarnation(lsn * 16, 9));
                journal.commit();
            }
        }
        overwrite(spec.files().getFirst(), JournalLayout.ENTRIES_OFFSET + ENTRY_BYTES + 64 + 100, new byte[] {1, 2, 3});
        try (Journal journal = Journal.open(spec, true, events::add, Clock.SYSTEM)) {
            assertThat(TestJournals.lsns(journal)).containsExactly(1L);
            assertThat(journal.summary().incarnationsReserved()).isEqualTo(64);
            TestJournals.append(journal, 2, RECORD_BYTES);
            journal.commit();
        }
        try (Journal journal = TestJournals.open(spec, events)) {
            assertThat(TestJournals.lsns(journal)).containsExactly(1L, 2L);
            assertThat(journal.summary().incarnationsReserved()).isEqualTo(64);
        }
    }

    @Test
    void leftoversOfABatchThatWasNeverAnsweredAreNotMetAgain() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        Path file = spec.files().getFirst();
        try (Journal journal = TestJournals.create(spec, events)) {
            TestJournals.append(journal, 1, RECORD_BYTES);
            journal.commit();
            TestJournals.append(journal, 2, RECORD_BYTES);
            TestJournals.append(journal, 3, RECORD_BYTES);
            TestJournals.append(journal, 4, RECORD_BYTES);
            journal.commit();
        }
        // A power loss that took the batch's first entry and left the others.
        zeroFrom(file, JournalLayout.ENTRIES_OFFSET + ENTRY_BYTES, ENTRY_BYTES);
        try (Journal journal = TestJournals.open(spec, events)) {
            assertThat(TestJournals.lsns(journal)).containsExactly(1L);
            TestJournals.append(journal, 2, RECORD_BYTES);
            journal.commit();
        }
        assertThat(reopened(spec)).as("not followed by the old 3 and 4").containsExactly(1L, 2L);
    }

    @Test
    void aTornHeaderLeavesTheOtherSlot() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        Path file = spec.files().getFirst();
        write(spec, 2);
        byte[] whole = Files.readAllBytes(file);
        for (int slot : new int[] {JournalLayout.HEADER_0_OFFSET, JournalLayout.HEADER_1_OFFSET}) {
            for (int kept : new int[] {0, 8, 16, 64, 512, 4095}) {
                overwrite(file, slot + kept, garbage(JournalHeaderLayout.SIZE - kept));
                assertThat(reopened(spec)).as("slot %d after %d", slot, kept).containsExactlyElementsOf(upTo(2));
                Files.write(file, whole);
            }
        }
    }

    private static byte[] garbage(int bytes) {
        byte[] garbage = new byte[bytes];
        Arrays.fill(garbage, (byte) 0xA5);
        return garbage;
    }

    @Test
    void theCircleIsGoneRoundManyTimes() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        int bytes = 300_000;
        long last = 0;
        try (Journal journal = TestJournals.create(spec, events)) {
            for (long lsn = 1; lsn <= 200; lsn++) {
                while (TestJournals.append(journal, lsn, bytes) != Append.ADDED) {
                    assertThat(journal.trim(lsn - 3)).isTrue();
                    journal.commit();
                }
                journal.commit();
                last = lsn;
            }
        }
        try (Journal journal = TestJournals.open(spec, events)) {
            List<Long> lsns = TestJournals.lsns(journal);
            assertThat(lsns.getLast()).isEqualTo(last);
            assertThat(lsns).hasSizeLessThan(30).isSorted();
            assertThat(journal.lastLsn()).isEqualTo(last);
        }
        assertThat(Files.size(spec.files().getFirst())).isEqualTo(JournalSpec.SIZE_BYTES_MIN);
    }

    @Test
    void aFullJournalRefusesRecordsTakesATrimAndThenRecordsAgain() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        try (Journal journal = TestJournals.create(spec, events)) {
            long lsn = 1;
            Append answer = TestJournals.append(journal, lsn, Units.MIB);
            while (answer != Append.JOURNAL_FULL) {
                journal.commit();
                answer = TestJournals.append(journal, ++lsn, Units.MIB);
            }
            assertThat(lsn).isEqualTo(8);
            assertThat(journal.trim(lsn - 1)).isTrue();
            assertThat(TestJournals.append(journal, lsn, Units.MIB)).as("the header is not durable yet")
                    .isEqualTo(Append.JOURNAL_FULL);
            journal.commit();
            assertThat(TestJournals.append(journal, lsn, Units.MIB)).isEqualTo(Append.ADDED);
            journal.commit();
        }
        assertThat(reopened(spec)).containsExactly(8L);
    }

    @Test
    void aJournalOfAnotherControllerOrAggregateIsForeign() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        write(spec, 1);
        var other = new JournalSpec("b", TestJournals.AGGREGATE, spec.files(), spec.sizeBytes(), 0, DiskFiles.PLAIN);
        var aggregate = new JournalSpec("a", 1, spec.files(), spec.sizeBytes(), 0, DiskFiles.PLAIN);
        for (JournalSpec wrong : List.of(other, aggregate)) {
            assertThatThrownBy(() -> TestJournals.open(wrong, events)).isInstanceOfSatisfying(JournalException.class,
                    e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.FOREIGN));
        }
        assertThat(Journal.isLeftover(spec)).isTrue();
        assertThat(Journal.isLeftover(aggregate)).isFalse();
    }

    @Test
    void aFileThatCannotBeMadeIsSaid() throws IOException {
        Files.writeString(folder.resolve("journal1"), "something else");
        assertThatThrownBy(() -> TestJournals.create(TestJournals.spec(folder, 2), events))
                .isInstanceOfSatisfying(JournalException.class,
                        e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.NOT_CREATED));
        assertThat(folder.resolve("journal1")).hasContent("something else");
    }
}
