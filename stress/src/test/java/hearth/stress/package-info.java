/// The protocols on shared memory between two threads that really run at once, by the million, under jcstress. A class
/// `…Stress` is a protocol as it is and must show nothing forbidden; a class `Broken…` is the same with a planted bug,
/// which must be found: what finds nothing there proves nothing here.
package hearth.stress;
