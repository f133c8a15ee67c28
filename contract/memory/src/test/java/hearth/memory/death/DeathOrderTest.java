package hearth.memory.death;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import hearth.base.Check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: a process dies at the store that it was told, and none dies that was told nothing.
/// Method: orders in this process; a process of its own that is told to die.
class DeathOrderTest {
    private static final int KILLED = 128 + 9;

    @Test
    void nobodyDiesWithoutAnOrder() {
        assertThat(DeathPoint.ARMED).isFalse();
        DeathPoint.called(7);
        DeathPoint.stored(StoreGroup.LOG);
    }

    @Test
    void storesOfTheGroupsAreCountedFromTheCallOn() {
        var order = DeathOrder.parse("log+consistency-point:2@-7");
        assertThat(order.take(StoreGroup.LOG)).isEmpty();
        order.called(7);
        assertThat(order.take(StoreGroup.LOG)).isEmpty();
        order.called(-7);
        assertThat(order.take(StoreGroup.LOG)).hasValue(1);
        assertThat(order.take(StoreGroup.INDEX)).isEmpty();
        assertThat(order.take(StoreGroup.CONSISTENCY_POINT)).hasValue(2);
        assertThat(order.isDeadly(1)).isFalse();
        assertThat(order.isDeadly(2)).isTrue();
    }

    @Test
    void withoutACallCountingBeginsWithTheProcess() {
        var order = DeathOrder.parse("all:trace");
        assertThat(order.take(StoreGroup.JOURNAL)).hasValue(1);
        assertThat(order.isDeadly(1)).isFalse();
    }

    @Test
    void whatIsNoOrderIsABug() {
        for (String wrong : List.of("", "log", "log:1@2@3", "logs:1", "log:x")) {
            assertThatThrownBy(() -> DeathOrder.parse(wrong)).as(wrong)
                    .isInstanceOfAny(Check.failed("").getClass(), IllegalArgumentException.class);
        }
    }

    @Test
    void aProcessDiesAtItsStore() throws Exception {
        var out = File.createTempFile("mortal", ".txt");
        String modules = System.getProperty("jdk.module.path", "");
        String path = String.join(File.pathSeparator,
                modules, System.getProperty("java.class.path", ""), classes(Mortal.class), classes(DeathPoint.class));
        var process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-D" + DeathPoint.PROPERTY + "=index:3", "-cp", path,
                Mortal.class.getName())
                .redirectErrorStream(true).redirectOutput(out).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = java.nio.file.Files.readString(out.toPath());
        assertThat(out.delete()).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(KILLED);
        assertThat(said.strip()).isEqualTo("stored 1\nstored 2");
    }

    private static String classes(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    /// Stores until it dies.
    static final class Mortal {
        public static void main(String[] args) {
            for (int i = 1; ; i++) {
                DeathPoint.stored(StoreGroup.LOG);
                DeathPoint.stored(StoreGroup.INDEX);
                System.out.println("stored " + i);
            }
        }
    }
}
