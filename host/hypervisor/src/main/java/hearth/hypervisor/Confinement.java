package hearth.hypervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import hearth.base.posix.Descriptors;
import hearth.base.posix.Landlock;
import hearth.base.posix.PosixException;
import hearth.base.posix.Privileges;

/// What the kernel grants to keep guests from the rest of the machine and from each other; made once, taken on by each
/// thread that makes a guest. The ruleset's paths are opened when it is made: taking it on opens nothing.
final class Confinement {
    // Above whatever a guest is born with.
    private static final int LOWEST_DESCRIPTOR = 10;

    private final int abi;
    private final Optional<Integer> ruleset;

    private Confinement(int abi, Optional<Integer> ruleset) {
        this.abi = abi;
        this.ruleset = ruleset;
    }

    /// For guests that read beneath `readable`, by at most version `abiMax` of Landlock.
    static Confinement of(List<Path> readable, int abiMax) throws PosixException {
        int abi = Math.min(abiMax, Landlock.abiVersion());
        if (abi <= 0) {
            return new Confinement(0, Optional.empty());
        }
        int low = Landlock.ruleset(readable, abi);
        try {
            return new Confinement(abi, Optional.of(Descriptors.duplicateFrom(low, LOWEST_DESCRIPTOR)));
        } finally {
            Descriptors.close(low);
        }
    }

    /// Binds the calling thread for the rest of its life, and the guest that it makes: a Landlock domain of their own.
    /// A kernel that has Landlock but does not grant it is a fault to be looked into, not a reason to go bare.
    void takeOn() throws PosixException {
        Privileges.giveUp();
        if (ruleset.isPresent()) {
            Landlock.restrictThisThread(ruleset.get());
        }
    }

    /// What is granted, for people.
    String text() {
        if (ruleset.isEmpty()) {
            return "none: this kernel has no Landlock or it is switched off, which leaves files, TCP and signals open";
        }
        if (abi < Landlock.NETWORK_ABI) {
            return "landlock abi " + abi + ", which leaves TCP and signals open";
        }
        return abi < Landlock.SCOPE_ABI ? "landlock abi " + abi + ", which leaves signals open" : "landlock abi " + abi;
    }
}
