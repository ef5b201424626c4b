"""Loss, accuracy and learning rate as charts."""
