package hearth.dmodule.filesystem.directory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The hash that orders a directory. Part of the disk format: names in use would be lost if it changed.
///
/// A multiply-xorshift mix over little-endian 8-byte words. The seed differs between directories, so that names made
/// to collide in one do not collide in another.
public final class NameHash {
    private NameHash() {}

    /// Names whose hashes agree in all kept bits; more in one directory are refused as `Full`.
    static final int COLLISIONS_MAX = 256;

    private static final int COLLISION_BITS = 8;
    // One below what 55 bits hold, so that the cookie behind the last is still positive.
    private static final long HASH_MAX = (1L << (Long.SIZE - COLLISION_BITS - 1)) - 2;
    private static final long WORD_FACTOR = 0x9FB21C651E98DF25L;
    private static final long SEED_FACTOR = 0xD6E8FEB86659FD93L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// The seed of the directory with this inode number and generation: known to whoever has its inode.
    public static long seed(long inode, int generation) {
        return mix(inode * SEED_FACTOR + generation);
    }

    /// All 64 bits.
    public static long hash(long seed, byte[] name) {
        long h = seed + name.length * SEED_FACTOR;
        int i = 0;
        for (; i + Long.BYTES <= name.length; i += Long.BYTES) {
            h = mix(h ^ (long) LONG.get(name, i));
        }
        long last = 0;
        for (int shift = 0; i < name.length; i++, shift += Byte.SIZE) {
            last |= (name[i] & 0xFFL) << shift;
        }
        return mix(mix(h ^ last) + seed);
    }

    /// The lowest cookie of names with this name's hash: positive, a multiple of 256, above the reserved ones.
    static long firstCookie(long seed, byte[] name) {
        return Math.clamp(hash(seed, name) >>> (COLLISION_BITS + 1), 1, HASH_MAX) << COLLISION_BITS;
    }

    private static long mix(long value) {
        long x = value;
        x ^= x >>> 32;
        x *= WORD_FACTOR;
        x ^= x >>> 29;
        x *= SEED_FACTOR;
        x ^= x >>> 32;
        return x;
    }
}
