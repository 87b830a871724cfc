package clew.training.world;

/// Which texts a phrasing or a combination belongs to.
enum Split { TRAINING, HELD_OUT }
