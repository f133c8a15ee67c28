package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;

import hearth.base.Check;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;

/// Effects as bytes (`EffectLayout`). Decoding is total: bytes that are no effect give `EffectFormatException`.
final class EffectCodec {
    private static final FileType[] TYPES = FileType.values();
    private static final int SET_INODE_SIZE = 96;

    private EffectCodec() {}

    static byte[] encode(Effect effect) {
        Check.that(effect.steps().size() <= EffectLayout.STEPS_MAX, "steps of an effect", effect.steps().size());
        var out = new EffectWriter(EffectLayout.HEAD_SIZE + effect.steps().size() * SET_INODE_SIZE);
        out.putByte(EffectLayout.VERSION).putByte(0);
        out.putShort(effect.steps().size());
        out.putInt(effect.volumeId());
        for (var step : effect.steps()) {
            encode(out, step);
        }
        return out.toBytes();
    }

    private static void encode(EffectWriter out, EffectStep step) {
        if (step instanceof EffectStep.Take s) {
            out.putByte(EffectLayout.TAKE).putLong(s.ino()).putInt(s.generation());
        } else if (step instanceof EffectStep.SetInode s) {
            encode(out.putByte(EffectLayout.SET_INODE).putLong(s.ino()), s.fields());
        } else if (step instanceof EffectStep.Free s) {
            out.putByte(EffectLayout.FREE).putLong(s.ino());
        } else if (step instanceof EffectStep.AddName s) {
            name(out.putByte(EffectLayout.ADD_NAME).putLong(s.directory()), s.name());
            out.putLong(s.cookie()).putLong(s.ino()).putByte(s.type().code());
        } else if (step instanceof EffectStep.ReplaceName s) {
            name(out.putByte(EffectLayout.REPLACE_NAME).putLong(s.directory()), s.name());
            out.putLong(s.cookie()).putLong(s.ino()).putByte(s.type().code());
        } else if (step instanceof EffectStep.RemoveName s) {
            name(out.putByte(EffectLayout.REMOVE_NAME).putLong(s.directory()), s.name());
            out.putLong(s.cookie());
        } else if (step instanceof EffectStep.Data s) {
            out.putByte(EffectLayout.DATA).putLong(s.ino()).putLong(s.firstBlock());
            out.putInt(s.payloadBlock()).putInt(s.crcs().length);
            for (int crc : s.crcs()) {
                out.putInt(crc);
            }
        } else if (step instanceof EffectStep.Cut s) {
            out.putByte(EffectLayout.CUT).putLong(s.ino()).putLong(s.sizeBlocks());
        } else if (step instanceof EffectStep.Target s) {
            out.putByte(EffectLayout.TARGET).putLong(s.ino()).putShort(s.text().length);
            out.putBytes(s.text());
        } else {
            throw Check.failed("a step that nobody encodes");
        }
    }

    private static void encode(EffectWriter out, InodeFields f) {
        out.putByte(f.type().code()).putShort(f.mode()).putInt(f.linkCount()).putInt(f.uid()).putInt(f.gid());
        out.putInt(f.generation()).putLong(f.sizeBytes());
        out.putLong(f.accessTimeNs()).putLong(f.modifyTimeNs()).putLong(f.changeTimeNs()).putLong(f.birthTimeNs());
        out.putLong(f.changeCounter()).putLong(f.parentOrDevice());
    }

    private static void name(EffectWriter out, Name name) {
        out.putByte(name.length()).putBytes(name.bytes());
    }

    static Effect decode(byte[] bytes) throws EffectFormatException {
        var in = new EffectReader(bytes);
        require(in.getByte() == EffectLayout.VERSION, "effect of another version");
        require(in.getByte() == 0, "effect's spare byte");
        int count = in.getShort();
        require(count <= EffectLayout.STEPS_MAX, "too many steps");
        int volumeId = in.getInt();
        var steps = new ArrayList<EffectStep>(count);
        for (int i = 0; i < count; i++) {
            steps.add(step(in));
        }
        require(in.left() == 0, "bytes behind an effect");
        return new Effect(volumeId, steps);
    }

    private static EffectStep step(EffectReader in) throws EffectFormatException {
        int kind = in.getByte();
        long ino = in.getLong();
        require(ino >= 0 && ino < InodeLayout.NUMBER_MAX, "inode number");
        return switch (kind) {
            case EffectLayout.TAKE -> new EffectStep.Take(ino, in.getInt());
            case EffectLayout.SET_INODE -> new EffectStep.SetInode(ino, fields(in));
            case EffectLayout.FREE -> new EffectStep.Free(ino);
            case EffectLayout.ADD_NAME ->
                new EffectStep.AddName(ino, name(in), cookie(in), in.getLong(), type(in.getByte()));
            case EffectLayout.REPLACE_NAME ->
                new EffectStep.ReplaceName(ino, name(in), cookie(in), in.getLong(), type(in.getByte()));
            case EffectLayout.REMOVE_NAME -> new EffectStep.RemoveName(ino, name(in), cookie(in));
            case EffectLayout.DATA -> data(ino, in);
            case EffectLayout.CUT -> new EffectStep.Cut(ino, block(in));
            case EffectLayout.TARGET -> new EffectStep.Target(ino, text(in));
            default -> throw new EffectFormatException("no step has kind " + kind);
        };
    }

    private static EffectStep data(long ino, EffectReader in) throws EffectFormatException {
        long first = block(in);
        int payloadBlock = in.getInt();
        int count = in.getInt();
        require(payloadBlock >= 0 && payloadBlock < EffectLayout.PAYLOAD_BLOCKS_MAX, "payload block");
        require(count >= 1 && count <= EffectLayout.PAYLOAD_BLOCKS_MAX - payloadBlock, "payload blocks");
        require(first <= TreeLayout.FILE_BLOCKS_MAX - count, "file block");
        int[] crcs = new int[count];
        for (int i = 0; i < count; i++) {
            crcs[i] = in.getInt();
        }
        return new EffectStep.Data(ino, first, payloadBlock, crcs);
    }

    private static InodeFields fields(EffectReader in) throws EffectFormatException {
        var type = type(in.getByte());
        int mode = in.getShort();
        require((mode & ~InodeFields.MODE_MASK) == 0, "mode");
        int links = in.getInt();
        int uid = in.getInt();
        int gid = in.getInt();
        int generation = in.getInt();
        long size = in.getLong();
        require(links >= 0 && size >= 0, "link count or size");
        return new InodeFields(
                type, mode, links, uid, gid, generation, size, in.getLong(), in.getLong(), in.getLong(),
                in.getLong(), in.getLong(), in.getLong());
    }

    private static FileType type(int code) throws EffectFormatException {
        require(code >= 1 && code <= TYPES.length, "file type");
        return TYPES[code - 1];
    }

    private static Name name(EffectReader in) throws EffectFormatException {
        int length = in.getByte();
        require(length > 0, "empty name");
        return new Name(in.getBytes(length));
    }

    private static long cookie(EffectReader in) throws EffectFormatException {
        long cookie = in.getLong();
        require(cookie > 0, "cookie");
        return cookie;
    }

    private static long block(EffectReader in) throws EffectFormatException {
        long block = in.getLong();
        require(block >= 0 && block <= TreeLayout.FILE_BLOCKS_MAX, "file block");
        return block;
    }

    private static byte[] text(EffectReader in) throws EffectFormatException {
        int length = in.getShort();
        require(length >= 1 && length <= EffectLayout.TARGET_BYTES_MAX, "length of a symbolic link's text");
        return in.getBytes(length);
    }

    private static void require(boolean holds, String what) throws EffectFormatException {
        if (!holds) {
            throw new EffectFormatException("effect does not parse: " + what);
        }
    }
}
