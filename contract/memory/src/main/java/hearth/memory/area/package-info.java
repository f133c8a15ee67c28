/// Loads and stores of shared memory, in one place, so that each class above says which order it needs and a test can
/// cut the machine's life after any single store. Owns nothing; not exported.
package hearth.memory.area;
