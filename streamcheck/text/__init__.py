"""Words → tokens: normalising, morphology, spoken numbers and addresses, with a way back to the words."""
