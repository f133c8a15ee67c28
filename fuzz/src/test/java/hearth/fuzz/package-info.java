/// Every decoder of bytes that somebody else wrote, under Jazzer: clients' calls, what a guest leaves in the rings and
/// says on the channel, what a death or a bad disk left in log, journal, labels and checkpoint, and the YAML file. A
/// target has its seeds beside it, states what must hold for any input, and has a twin with a planted bug that the
/// fuzzer must find in the time that it gets.
package hearth.fuzz;
