import org.jspecify.annotations.NullMarked;

@NullMarked
@SuppressWarnings("module") // the readers are compiled after this module
module hearth.dmodule {
    requires static org.jspecify;
    requires transitive hearth.cf;
    requires transitive hearth.memory;
    requires transitive hearth.checkpoint;

    exports hearth.dmodule.filesystem;
    exports hearth.dmodule.filesystem.check;
    exports hearth.dmodule.filesystem.consistency;
    exports hearth.dmodule.filesystem.core;
    exports hearth.dmodule.filesystem.directory;
    exports hearth.dmodule.filesystem.format;
    exports hearth.dmodule.filesystem.operation;
    exports hearth.dmodule.filesystem.tree;
    exports hearth.dmodule.nvlog;
    exports hearth.dmodule.filesystem.blockmap to
            hearth.tools;
    exports hearth.dmodule.disk to
            hearth.system, hearth.bench, hearth.tools;
    exports hearth.dmodule.raid to
            hearth.system, hearth.bench, hearth.tools;
    exports hearth.dmodule.buffer to
            hearth.system, hearth.bench;
}
