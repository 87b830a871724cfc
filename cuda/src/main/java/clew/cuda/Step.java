package clew.cuda;

/// Something for the card to do. Equal steps do the same in the same places.
sealed interface Step {
    /// What two graphs must have in common, step by step, for one to be changed into the other.
    Object kind();

    /// Puts it into the line of work.
    void put(Driver driver);

    record Launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) implements Step {
        @Override
        public Object kind() {
            return kernel;
        }

        @Override
        public void put(Driver driver) {
            driver.launch(kernel, x, y, z, threads, arguments);
        }
    }

    record Copy(long to, long from, long bytes) implements Step {
        @Override
        public Object kind() {
            return Copy.class;
        }

        @Override
        public void put(Driver driver) {
            driver.copy(to, from, bytes);
        }
    }

    record Clear(long at, long bytes) implements Step {
        @Override
        public Object kind() {
            return Clear.class;
        }

        @Override
        public void put(Driver driver) {
            driver.clear(at, bytes);
        }
    }
}
