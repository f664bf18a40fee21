"""Values and vocabulary that every stage shares. Standard library only."""
