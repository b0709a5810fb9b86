"""County and towns, and the people of county, town hall and council."""
