package hearth.fuzz;

import java.util.List;

/// Something that takes bytes from outside. Used by one thread; inputs come by the hundred thousand, so what is dear
/// to make is made once.
interface Target {
    /// Gives `input` to the code under test. Whatever is thrown is a finding, and so is an input that takes seconds or
    /// a memory that fills.
    void accept(byte[] input) throws Exception;

    /// The same with a bug in it, which throws [PlantedBug] when an input reaches it.
    void acceptPlanted(byte[] input) throws Exception;

    /// Well-formed inputs to begin with.
    List<byte[]> seeds() throws Exception;

    /// The longest input that the fuzzer makes.
    default int bytesMax() {
        return 1024;
    }

    /// Classes in which the fuzzer sees where an input leads, as Jazzer writes them.
    default String observed() {
        return "hearth.**";
    }

    /// Ends what `accept` began to use.
    default void close() {}
}
