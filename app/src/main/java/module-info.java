/// The command line: `clew VERB …`.
@org.jspecify.annotations.NullMarked
module clew.app {
    requires clew.attribution;
    requires clew.training;
    requires info.picocli;
    requires java.desktop;
    requires java.management;

    opens clew.app to info.picocli;
}
