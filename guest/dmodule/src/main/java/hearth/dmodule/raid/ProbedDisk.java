package hearth.dmodule.raid;

import java.util.Optional;

import hearth.dmodule.disk.Disk;
import hearth.memory.label.LabelRead;

/// An attached disk and what the places of its label hold; empty when they could not be read.
public record ProbedDisk(Disk disk, Optional<LabelRead> label) {}
