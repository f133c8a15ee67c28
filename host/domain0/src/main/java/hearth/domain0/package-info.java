/// Domain 0's program: reads the configuration, takes the data directory, opens the controllers and the interface, and
/// waits for the end. `Host` owns everything that runs; what survives it is in the data directory.
package hearth.domain0;
