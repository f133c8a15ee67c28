/// Units, time, invariants and events: what every other module speaks in. Owns no state and no thread.
package hearth.base;
