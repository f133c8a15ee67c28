import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.dmodule {
    requires static org.jspecify;
    requires transitive hearth.cf;
    requires transitive hearth.memory;
    requires transitive hearth.checkpoint;

    exports hearth.dmodule.filesystem;
    exports hearth.dmodule.filesystem.consistency;
    exports hearth.dmodule.filesystem.core;
    exports hearth.dmodule.filesystem.format;
    exports hearth.dmodule.filesystem.directory;
    exports hearth.dmodule.filesystem.operation;
    exports hearth.dmodule.nvlog;
}
