/// Language models as short records, and what a forward pass of one yields.
package clew.model;
