package hearth.domain0.domain;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.disk.DiskFiles;
import hearth.hypervisor.DomainDriver;

/// What a domain takes from its host.
///
/// @param driver starts guests
/// @param program what is started
/// @param files opens and makes disk and journal files
/// @param acceptLoss go on with a journal that is lost
public record DomainServices(
        DomainDriver driver,
        GuestProgram program,
        DiskFiles files,
        Clock clock,
        Event.Sink events,
        boolean acceptLoss) {}
