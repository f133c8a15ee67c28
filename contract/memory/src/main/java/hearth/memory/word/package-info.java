/// Access to words of shared memory in the orders that the protocols need. Inside this module only. Little-endian,
/// because the machine is: x86-64.
package hearth.memory.word;
