package hearth.system.wiring;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// A cryptographic generator made at its first use, because most boots need none and making one takes long.
public final class LazyRandom implements RandomGenerator {
    private static final class Holder {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    @Override
    public long nextLong() {
        return Holder.RANDOM.nextLong();
    }
}
