package hearth.memory.region;

/// Called after each store of a protocol that must survive a death at any of them; tests copy the memory there, or die.
@FunctionalInterface
interface StoreObserver {
    StoreObserver NONE = () -> {};

    void stored();
}
