"""Text preparation that several rooms share; import its modules themselves."""
