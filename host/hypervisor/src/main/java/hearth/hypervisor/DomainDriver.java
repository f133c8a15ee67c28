package hearth.hypervisor;

/// How guests of a domain are run. All drivers run the same guest program.
public sealed interface DomainDriver permits ProcessDriver {
    /// Starts one incarnation. Returns when the guest exists, long before it serves. Platform threads only.
    Guest start(GuestSpec spec) throws GuestStartException;

    /// What keeps guests from the rest of the machine, for people: `landlock abi 7`, or what is missing and why.
    String confinement();
}
