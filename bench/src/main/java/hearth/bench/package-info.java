/// Benchmarks that drive a running host from outside, by its command line and a client that is not ours. They print
/// medians, spread and the machine, and compare within one run. Own a data directory per run, and delete it.
package hearth.bench;
