/** The user that the images let administrators in as; the shipped 99-ballast.cfg of cloud-init makes it. */
export const administrator = 'admin'
