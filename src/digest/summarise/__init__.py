"""Article -> scored sentences; Story -> bullets and a headline, which are chosen and never written."""
