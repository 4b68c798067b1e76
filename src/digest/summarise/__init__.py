"""Article -> scored sentences; Story -> bullets and a headline, chosen and never written."""
