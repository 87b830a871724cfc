/// The bundled models: [Recipe] says how each is made, [Course] makes it, [ModelFolder] writes it, [Exam] marks it.
@org.jspecify.annotations.NullMarked
package clew.training.demo;
