"""What the operator should know: rules over facts, and the words of a notice. All pure."""
