/// The region of one domain: four memory files that domain 0 makes and that outlive every guest. Here are their files,
/// headers and geometry, the pages of small words, the checkpoint slots and the committed root. Who writes what is said
/// at each page; every word has one writing process. All of it survives a guest's death, none of it a host's.
package hearth.memory.region;
