/** Major and minor of the control plane and the kubelets that clusters are booted with: `1.37`. */
export const KUBERNETES: string;
