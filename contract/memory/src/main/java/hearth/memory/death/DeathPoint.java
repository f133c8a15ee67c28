package hearth.memory.death;

/// The hooks. One stands right behind each store that publishes or changes region or disk, and between the pieces of
/// what one store cannot publish, so that a death there leaves what a death would.
///
/// Without the switch a hook is an empty method behind a constant: the JIT drops it, nothing is allocated, and no
/// other class of this package is loaded but the names of the groups.
public final class DeathPoint {
    /// The system property that says where this process dies, see [DeathOrder]. For tests alone.
    public static final String PROPERTY = "hearth.test.death-at";

    /// Whether this process was told to die. Where it was, long stores go in pieces, with a hook after each.
    public static final boolean ARMED = System.getProperty(PROPERTY) != null;

    private DeathPoint() {}

    /// Loaded only where there is an order.
    private static final class Given {
        static final DeathOrder ORDER = DeathOrder.parse(System.getProperty(PROPERTY, ""));
    }

    /// A store of this group has just been made by the calling thread.
    public static void stored(StoreGroup group) {
        if (ARMED) {
            Given.ORDER.stored(group);
        }
    }

    /// A client's call with this number has arrived: counting may begin with it.
    public static void called(int xid) {
        if (ARMED) {
            Given.ORDER.called(xid);
        }
    }
}
