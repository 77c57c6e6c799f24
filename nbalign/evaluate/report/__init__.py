"""An experiment as one self-contained HTML page (`page`) and as plain JSON (`plain`)."""
