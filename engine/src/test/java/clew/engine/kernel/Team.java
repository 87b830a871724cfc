package clew.engine.kernel;

/// Prints how many threads a device's team has in this process: those that live, and the caller.
final class Team {
    private Team() {}

    public static void main(String[] args) {
        try (var team = Workers.available()) {
            var helpers = Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("clew-worker")).count();
            if (helpers + 1 != team.threads()) throw new AssertionError(helpers + " helpers of " + team.threads());
            System.out.println(team.threads());
        }
    }
}
