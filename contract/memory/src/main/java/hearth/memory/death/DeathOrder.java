package hearth.memory.death;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Check;
import hearth.base.posix.Processes;
import hearth.memory.area.AreaMemory;

/// Where this process dies: `GROUPS:NUMBER`, at the store of that number (from 1) of the groups (`log`, `log+index`,
/// `all`), by a real SIGKILL to itself. `GROUPS:trace` kills nobody and writes each store to the standard error, with
/// its number, its group and who made it. With `@XID` behind either, counting begins when a call with that number
/// arrives, else with the process.
final class DeathOrder {
    private static final String TRACE = "trace";
    private static final String ALL = "all";
    private static final Set<String> WRAPPERS = Set.of("store", "storeInt", "storeLong", "addLong", "andInt", "orInt");

    private final Set<StoreGroup> groups;
    private final OptionalInt number;
    private final OptionalInt beginXid;
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean counting;

    private DeathOrder(Set<StoreGroup> groups, OptionalInt number, OptionalInt beginXid) {
        this.groups = groups;
        this.number = number;
        this.beginXid = beginXid;
        counting = beginXid.isEmpty();
    }

    static DeathOrder parse(String text) {
        String[] parts = text.split("[:@]");
        Check.that(parts.length == 2 || parts.length == 3, DeathPoint.PROPERTY + " is GROUPS:NUMBER or GROUPS:trace,"
                + " and @XID behind it or nothing");
        var groups = EnumSet.noneOf(StoreGroup.class);
        if (parts[0].equals(ALL)) {
            groups.addAll(Arrays.asList(StoreGroup.values()));
        } else {
            for (String title : parts[0].split("\\+")) {
                groups.add(StoreGroup.of(title));
            }
        }
        return new DeathOrder(groups,
                parts[1].equals(TRACE) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[1])),
                parts.length == 2 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[2])));
    }

    void called(int xid) {
        if (beginXid.isPresent() && beginXid.getAsInt() == xid) {
            counting = true;
        }
    }

    void stored(StoreGroup group) {
        OptionalInt at = take(group);
        if (at.isEmpty()) {
            return;
        }
        if (number.isEmpty()) {
            System.err.println("store " + at.getAsInt() + ' ' + group.title() + ' ' + storer());
        } else if (isDeadly(at.getAsInt())) {
            Processes.killSelf();
        }
    }

    /// The store's number, if it counts.
    OptionalInt take(StoreGroup group) {
        return counting && groups.contains(group) ? OptionalInt.of(count.incrementAndGet()) : OptionalInt.empty();
    }

    boolean isDeadly(int at) {
        return number.isPresent() && number.getAsInt() == at;
    }

    /// The nearest caller that does more than to store.
    private static String storer() {
        Optional<StackWalker.StackFrame> frame = StackWalker.getInstance().walk(frames -> frames
                .filter(f -> !f.getClassName().startsWith(DeathOrder.class.getPackageName())
                        && !f.getClassName().startsWith(AreaMemory.class.getPackageName())
                        && !WRAPPERS.contains(f.getMethodName())
                        && !f.getMethodName().startsWith("lambda$"))
                .findFirst());
        return frame.map(f -> f.getClassName().substring(f.getClassName().lastIndexOf('.') + 1) + '.'
                + f.getMethodName() + ':' + f.getLineNumber()).orElse("?");
    }
}
