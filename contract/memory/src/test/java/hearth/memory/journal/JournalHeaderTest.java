package hearth.memory.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Header slots survive encoding; what could not be written again is not read.
class JournalHeaderTest {
    private static final JournalHeader HEADER = new JournalHeader(
            2, new JournalId(1, 2), "größer", 77, 1 << 20, JournalLayout.ENTRIES_OFFSET, 3, JournalSummary.EMPTY);

    @Test
    void aHeaderIsReadAsItWasWritten() {
        assertThat(JournalHeader.decode(HEADER.encode())).isEqualTo(new JournalHeader.Decoded.Good(HEADER));
    }

    @Test
    void aDomainNameThatIsNoUtf8IsRefused() {
        byte[] slot = HEADER.encode();
        slot[JournalHeaderLayout.DOMAIN_OFFSET] = (byte) 0xFF;
        var to = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN).putInt(JournalHeaderLayout.CRC_OFFSET, 0);
        var crc = new CRC32C();
        crc.update(slot);
        to.putInt(JournalHeaderLayout.CRC_OFFSET, (int) crc.getValue());
        assertThat(JournalHeader.decode(slot)).isEqualTo(new JournalHeader.Decoded.Corrupt("domain name"));
    }
}
