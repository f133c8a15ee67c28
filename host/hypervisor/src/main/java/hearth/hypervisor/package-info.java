/// Starting, watching and ending guests: the drivers of domains. Domain 0 is the only user.
///
/// A driver owns how a guest is born and confined; domain 0 owns when, with which descriptors, and what follows from
/// its end. Nothing here survives domain 0: guests die with it, by the kernel's hand.
package hearth.hypervisor;
