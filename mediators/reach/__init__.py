"""How anybody reaches the mediators of a town: the room, how one gets in, and when somebody is there."""
