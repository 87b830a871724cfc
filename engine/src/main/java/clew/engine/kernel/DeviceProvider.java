package clew.engine.kernel;

import java.util.Optional;

/// A device that is no part of the engine, found by [java.util.ServiceLoader]: the engine needs none of its libraries,
/// and works as ever where it is not installed.
public interface DeviceProvider {
    /// Its name in [Devices#NAMES].
    String name();

    /// Why it cannot be used here, in one sentence; empty where it can. No exception or error of the libraries that it
    /// asks passes this door.
    Optional<String> obstacle();

    /// Bytes of the device's own memory, where there is no [#obstacle].
    long memory();

    /// Opens it, and whoever gets it closes it.
    ///
    /// @throws IllegalArgumentException with one sentence, if it cannot be opened
    Devices.Device open();
}
