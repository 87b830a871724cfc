/// The command line: `clew VERB …`.
@org.jspecify.annotations.NullMarked
module clew.app {
    requires clew.model;
    requires info.picocli;

    opens clew.app to info.picocli;
}
